"""What is copied, dragged out or saved, and in which forms."""
