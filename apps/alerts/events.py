"""Names of the work that alerts leave for later."""

CONSIDER = "alerts.consider_assessment"
