"""Cursor pagination for every list: stable while rows come and go, no counting of big tables."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"
