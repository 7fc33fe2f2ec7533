"""Appointments at her time: a visit, counselling, in-home care. Nobody but her learns of them; a reminder is a neutral line of her choice."""
