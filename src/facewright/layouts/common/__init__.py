"""What several layouts share: checks of foreign JSON, points and places, columns, pictures."""
