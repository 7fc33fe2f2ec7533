"""The hand-off card for police and ambulance, and who may call them without her answer."""
