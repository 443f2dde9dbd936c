"""Where and when a rep can be: time off, appointments, reception hours, roads, and the rota of evening rounds."""
