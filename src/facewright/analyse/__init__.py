"""What a dataset holds, for people to look at: contact sheet and one-page summary."""
