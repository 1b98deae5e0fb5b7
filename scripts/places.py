"""Where a checkout keeps what it makes for itself: everything lies under `.run/`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
VENV_RASA = ROOT / ".venv-rasa"
