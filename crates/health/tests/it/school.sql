INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('org', 'School', now());
INSERT INTO "Instructor" ("id", "orgId", "displayName", "updatedAt") VALUES ('instructor', 'org', 'Casey', now());
INSERT INTO "Student" ("id", "orgId", "fullName", "updatedAt") VALUES ('student', 'org', 'Alex', now());
INSERT INTO "Service" ("id", "orgId", "name", "durationMin", "updatedAt") VALUES ('service', 'org', 'Lesson', 60, now());
INSERT INTO "Outbox" ("id", "topic", "payload") VALUES ('event', 'booking.created', '{}');
INSERT INTO "Booking" (
    "id", "orgId", "studentId", "instructorId", "serviceId", "startAt", "endAt",
    "priceCents", "platformFeeCents", "instructorShareCents", "createdAt", "updatedAt"
)
SELECT
    'booking' || hours, 'org', 'student', 'instructor', 'service', now(), now() + interval '1 hour',
    9500, 950, 8550, (now() AT TIME ZONE 'UTC') - hours * interval '1 hour', now()
FROM unnest(ARRAY[0, 23, 25]) AS hours;
