"""Those at the other end of the line, on this machine: they speak the real protocols."""
