from django.urls import path

from apps.navigation.rest import lifts, matrix, obstacles, profiles, routes, sessions

urlpatterns = [
    path("routes", routes.RoutesView.as_view(), name="navigation-routes"),
    path("routes/<uuid:code>", routes.RouteView.as_view(), name="navigation-route"),
    path("routes/<uuid:code>/explanation", routes.ExplanationView.as_view()),
    path("routes/<uuid:code>/ar-anchors", routes.AnchorsView.as_view()),
    path("matrix", matrix.MatrixView.as_view(), name="navigation-matrix"),
    path("obstacles", obstacles.ObstacleListView.as_view(), name="navigation-obstacles"),
    path("obstacles/<uuid:code>/confirmations", obstacles.VoiceView.as_view()),
    path("profiles/me", profiles.MyProfileView.as_view(), name="navigation-profile"),
    path("lifts", lifts.LiftListView.as_view(), name="navigation-lifts"),
    path("sessions", sessions.SessionsView.as_view(), name="navigation-sessions"),
]
