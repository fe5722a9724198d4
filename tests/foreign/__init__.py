"""Whole scenarios that nobody wrote, asked of every command and held against an oracle of plain draws."""
