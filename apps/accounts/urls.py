from django.urls import path

from apps.accounts.rest import consents, me, mobility, phone_codes

urlpatterns = [
    path("me", me.MeView.as_view(), name="me"),
    path("me/contacts", me.ContactListView.as_view(), name="contacts"),
    path("me/contacts/<uuid:code>", me.ContactView.as_view(), name="contact"),
    path("me/consents", consents.ConsentListView.as_view(), name="consents"),
    path("me/consents/<slug:purpose>", consents.ConsentView.as_view(), name="consent"),
    path("me/mobility-profile", mobility.MobilityProfileView.as_view(), name="mobility-profile"),
    path("me/export", me.ExportView.as_view(), name="export"),
    path("consent-purposes", consents.PurposeListView.as_view(), name="consent-purposes"),
    path("mobility-profiles", mobility.StartingProfilesView.as_view(), name="mobility-profiles"),
    path("phone-codes", phone_codes.PhoneCodeListView.as_view(), name="phone-codes"),
    path(
        "phone-codes/<uuid:code>/confirmation",
        phone_codes.PhoneCodeConfirmationView.as_view(),
        name="phone-code-confirmation",
    ),
]
