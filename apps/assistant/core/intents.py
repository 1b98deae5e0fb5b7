"""What the engine is taught to tell apart. Their examples lie in `rasa/nlu/<language>/`."""

OUT_OF_SCOPE = "out_of_scope"
# Not sure enough of any; Rasa's own name for it.
UNSURE = "nlu_fallback"
# An answer to a question: a place, a time, a number. It opens nothing.
INFORM = "inform"

INTENTS = (
    "greet", "goodbye", "thank", "affirm", "deny", "help", "repeat", "back", "start_over",
    "change_language", "ask_person",
    "file_complaint", "correct", "complaint_status", "withdraw_complaint", "rate_complaint",
    "follow_complaint",
    "find_parking", "parking_forecast", "book_parking", "cancel_parking",
    "book_ride", "track_ride", "cancel_ride",
    "find_way", "explain_way",
    "alerts_here", "i_am_safe", "need_help",
    "ask_knowledge", "abuse", INFORM, OUT_OF_SCOPE,
)  # fmt: skip
