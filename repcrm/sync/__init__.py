"""What devices without a network did meanwhile: taken in once each, merged, and never lost."""
