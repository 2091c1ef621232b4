"""Where the person writes: the card below the transcript."""
