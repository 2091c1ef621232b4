"""What a message of the page is made of: a part for each block, and the boxes of each part."""
