from django.urls import path

from apps.parking.rest import evidence, outlooks, reservations, sharing, sites, tariffs

urlpatterns = [
    path("sites", sites.SiteList.as_view(), name="parking-sites"),
    path("sites/<slug:code>", sites.SiteDetail.as_view(), name="parking-site"),
    path("sites/<slug:code>/tariff", tariffs.SiteTariffView.as_view(), name="parking-tariff"),
    path("sites/<slug:code>/outlook", outlooks.OutlookView.as_view(), name="parking-outlook"),
    path("sites/<slug:code>/arrival", outlooks.ArrivalView.as_view(), name="parking-arrival"),
    path("sites/<slug:code>/guidance", outlooks.GuidanceView.as_view(), name="parking-guidance"),
    path("sites/<slug:code>/evidence", evidence.EvidenceView.as_view(), name="parking-evidence"),
    path("sites/<slug:code>/reports", evidence.ReportView.as_view(), name="parking-reports"),
    path("guidance/<uuid:code>", outlooks.GuidanceEndView.as_view()),
    path("quotes", reservations.QuoteView.as_view(), name="parking-quotes"),
    path("reservations", reservations.ReservationListView.as_view(), name="parking-reservations"),
    path("reservations/<uuid:code>", reservations.ReservationView.as_view()),
    path("reservations/<uuid:code>/confirm", reservations.ConfirmView.as_view()),
    path("reservations/<uuid:code>/extension-quote", reservations.ExtensionQuoteView.as_view()),
    path("reservations/<uuid:code>/extend", reservations.ExtendView.as_view()),
    path("reservations/<uuid:code>/cancel", reservations.CancelView.as_view()),
    path("reservations/<uuid:code>/start", reservations.StartView.as_view()),
    path("reservations/<uuid:code>/end", reservations.EndView.as_view()),
    path("bay-rights", sharing.BayRightListView.as_view(), name="parking-bay-rights"),
    path("shared-offers", sharing.SharedOfferListView.as_view(), name="parking-shared-offers"),
    path("shared-offers/<uuid:code>", sharing.SharedOfferView.as_view()),
    path("shared-offers/<uuid:code>/recalls", sharing.RecallView.as_view()),
    path("shared-offers/<uuid:code>/openings", sharing.OpeningsView.as_view()),
    path("ledger/me", sharing.StatementView.as_view(), name="parking-ledger"),
]
