"""What a council is, how it scores a dossier, and what its conclusion says.

Read in this order: council, round, sheet, facts, interests, preparation (the advisory team), bench (who sits), opening,
conclusion, assessment, levels (which councils), sight (who sees what), minutes, days.
"""
