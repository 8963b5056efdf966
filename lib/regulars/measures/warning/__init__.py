"""Warning: whose orders fall or are overdue by their own rhythm, and how right lists were."""
