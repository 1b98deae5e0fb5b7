"""Which edition of the demo town is in this database."""

from django.db import models


class SeedRun(models.Model):
    edition = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.edition
