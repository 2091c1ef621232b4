"""What a reader does: select, point, jump, open menus, edit a message."""
