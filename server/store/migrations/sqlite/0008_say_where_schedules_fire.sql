-- Which process fired a schedule last, for people who look for the machine a job runs on.
ALTER TABLE schedules ADD COLUMN last_fire_by TEXT;
