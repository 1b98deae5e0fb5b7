"""Offers as every door shows them."""

from typing import Any

from apps.drt.services.claims import Claim, Quote, Signed


def shown_offers(quote: Quote) -> list[dict[str, Any]]:
    return [shown_offer(signed, quote) for signed in quote.offers]


def shown_offer(signed: Signed, quote: Quote) -> dict[str, Any]:
    claim: Claim = signed.claim
    return {
        "offer": signed.token,
        "expires_at": quote.expires_at,
        "kinds": list(claim.kinds),
        "pickup_stop": claim.pickup_stop,
        "dropoff_stop": claim.dropoff_stop,
        "walk_to_m": claim.walk_to_m,
        "walk_from_m": claim.walk_from_m,
        "pickup_at": claim.pickup,
        "pickup_from": claim.pickup_earliest,
        "pickup_until": claim.pickup_latest,
        "dropoff_at": claim.dropoff,
        "dropoff_until": claim.dropoff_latest,
        "fare": claim.fare,
        "currency": claim.currency,
        "fare_lines": [
            {"component": line.component, "amount": line.amount} for line in claim.fare_lines
        ],
    }
