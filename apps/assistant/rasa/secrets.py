"""What Rasa and we know each other by: made from the deployment's key, which Rasa never sees."""

from django.utils.crypto import constant_time_compare, salted_hmac


def shared_secret() -> str:
    return salted_hmac("citizen.rasa", "between us and the engine", algorithm="sha256").hexdigest()


def is_rasa(authorization: str) -> bool:
    return constant_time_compare(authorization, f"Bearer {shared_secret()}")
