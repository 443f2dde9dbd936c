"""Files of distributor sales: which period they answer for, and what they change of what was reported before."""
