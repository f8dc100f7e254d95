-- What has to be true of the demo school: the rows of this query are what is not.
SELECT "fact"
FROM (VALUES
    ('the school has a name, a zone and a business number', (
        SELECT count(*) = 1 FROM "Org"
        WHERE "name" = 'Demo Driving School' AND "timeZone" = 'Australia/Sydney' AND "abn" ~ '^\d{11}$'
    )),
    ('the owner owns it', (
        SELECT count(*) = 1
        FROM "User" AS owner JOIN "UserOrg" AS member ON member."userId" = owner."id"
        WHERE owner."email" = 'owner@demo.com' AND member."role" = 'owner'
    )),
    ('Casey is there Monday to Friday, 9:00 to 17:00', (
        SELECT count(DISTINCT hours."dayOfWeek") = 5 AND count(*) = 5
        FROM "Instructor" AS casey JOIN "InstructorAvailability" AS hours ON hours."instructorId" = casey."id"
        WHERE casey."displayName" LIKE 'Casey %' AND hours."dayOfWeek" BETWEEN 1 AND 5
            AND (hours."startMinute", hours."endMinute") = (540, 1020)
    )),
    ('Casey has working hours on the same days', (
        SELECT array_agg("dayOfWeek" ORDER BY "dayOfWeek") = ARRAY[1, 2, 3, 4, 5]
        FROM "InstructorWorkingHours" WHERE ("startTime", "endTime") = ('09:00', '17:00')
    )),
    ('Alex has one guardian', (
        SELECT count(*) = 1
        FROM "Student" AS alex JOIN "StudentGuardian" AS guardian ON guardian."studentId" = alex."id"
        WHERE alex."fullName" LIKE 'Alex %'
    )),
    ('there are a lesson, a test preparation and a package', (
        SELECT array_agg("name" ORDER BY "name") = ARRAY['10-lesson package', '60-minute lesson', 'Test preparation']
        FROM "Service"
    )),
    ('60 minutes cost 95.00 on the default rate card', (
        SELECT count(*) = 1
        FROM "RateCard" AS card
        JOIN "RateCardItem" AS item ON item."rateCardId" = card."id"
        JOIN "Service" AS service ON service."id" = item."serviceId"
        WHERE card."name" = 'Default' AND card."currency" = 'AUD' AND card."isDefault"
            AND service."durationMin" = 60 AND item."priceCents" = 9500
    )),
    ('the cancellation policies are those of the school', (
        SELECT count(*) = 7 AND bool_and(("actor"::text, "hoursBeforeStart", "refundPercentage") IN (
            ('student', 24, 100), ('student', 2, 50), ('student', 0, 0), ('parent', 24, 100), ('parent', 2, 50),
            ('instructor', 0, 100), ('admin', 0, 100)
        ))
        FROM "CancellationPolicy"
    )),
    ('the state rules are those of the school', (
        SELECT count(*) = 9 AND bool_and(
            (coalesce("fromStatus"::text, 'any'), "toStatus"::text, coalesce("requiredRole"::text, 'system')) IN (
                ('draft', 'pending_payment', 'student'), ('confirmed', 'cancelled', 'student'),
                ('confirmed', 'in_progress', 'instructor'), ('in_progress', 'completed', 'instructor'),
                ('confirmed', 'cancelled', 'instructor'), ('any', 'cancelled', 'admin'), ('any', 'confirmed', 'owner'),
                ('pending_payment', 'cancelled', 'system'), ('confirmed', 'no_show', 'system')
            )
        )
        FROM "StateTransitionRule"
    )),
    ('the system waits 30 minutes for a payment and 15 for a student', (
        SELECT array_agg(("conditions"->>'afterMinutes')::int ORDER BY "toStatus"::text) = ARRAY[30, 15]
        FROM "StateTransitionRule" WHERE "requiredRole" IS NULL
    )),
    ('there are bookings in every status, over some weeks', (
        SELECT count(DISTINCT "status") = 9 AND max("startAt") - min("startAt") > interval '4 weeks' FROM "Booking"
    )),
    ('some bookings were made within a day of now', (
        SELECT count(*) >= 3 FROM "Booking" WHERE "createdAt" BETWEEN '2026-11-22' AND '2026-11-23'
    )),
    ('what is completed has a lesson with readings', (
        SELECT bool_and(EXISTS (
            SELECT
            FROM "Lesson" AS lesson
            JOIN "Trip" AS trip ON trip."lessonId" = lesson."id"
            JOIN "TripPoint" AS point ON point."tripId" = trip."id"
            WHERE lesson."bookingId" = booking."id"
        ))
        FROM "Booking" AS booking WHERE "status" = 'completed'
    )),
    ('what is completed is paid for and paid out', (
        SELECT bool_and(payment."status" = 'succeeded' AND payout."amountCents" = booking."instructorShareCents")
        FROM "Booking" AS booking
        LEFT JOIN "Payment" AS payment ON payment."bookingId" = booking."id"
        LEFT JOIN "Payout" AS payout ON payout."bookingId" = booking."id"
        WHERE booking."status" = 'completed'
    )),
    ('what is cancelled is refunded as the policies say', (
        SELECT bool_and((payment."status" = 'refunded') = (
            policy."refundPercentage" > 0 AND history."fromStatus" = 'confirmed'
        ))
        FROM "Booking" AS booking
        JOIN "Payment" AS payment ON payment."bookingId" = booking."id"
        JOIN "LessonStateHistory" AS history
            ON history."bookingId" = booking."id" AND history."toStatus" = 'cancelled'
        JOIN LATERAL (
            SELECT "refundPercentage"
            FROM "CancellationPolicy"
            WHERE "actor"::text = history."metadata"->>'actor'
                AND "hoursBeforeStart" * interval '1 hour' <= booking."startAt" - booking."cancelledAt"
            ORDER BY "hoursBeforeStart" DESC
            LIMIT 1
        ) AS policy ON true
    )),
    ('every change of status is in the history, and the booking says when its last was', (
        SELECT bool_and(booking."statusChangedAt" = (
            SELECT max("createdAt") FROM "LessonStateHistory" AS step WHERE step."bookingId" = booking."id"
        ))
        FROM "Booking" AS booking
    )),
    ('what the system waits for is planned', (
        SELECT bool_and(EXISTS (
            SELECT FROM "ScheduledStateTransition" AS planned
            WHERE planned."bookingId" = booking."id" AND planned."processedAt" IS NULL
                AND planned."executeAt" > '2026-11-23'
        ))
        FROM "Booking" AS booking WHERE booking."status" IN ('pending_payment', 'confirmed')
    )),
    ('payments come in every status, messages by every channel', (
        SELECT (SELECT count(DISTINCT "status") FROM "Payment") = 4
            AND (SELECT count(DISTINCT "channel") FROM "Message") = 3
            AND (SELECT count(DISTINCT "status") FROM "Message") = 3
    )),
    ('events wait for delivery, and changes are logged', (
        SELECT EXISTS (SELECT FROM "Outbox" WHERE "processedAt" IS NULL)
            AND EXISTS (SELECT FROM "Outbox" WHERE "processedAt" IS NOT NULL)
            AND (SELECT count(DISTINCT "action") FROM "AuditLog") = 3
    )),
    ('nothing happened after now', (
        SELECT max("createdAt") <= '2026-11-23' FROM (
            SELECT "createdAt" FROM "LessonStateHistory"
            UNION ALL SELECT "createdAt" FROM "TripPoint"
            UNION ALL SELECT "updatedAt" FROM "Payment"
            UNION ALL SELECT "createdAt" FROM "Message"
            UNION ALL SELECT "createdAt" FROM "Outbox"
            UNION ALL SELECT "createdAt" FROM "AuditLog"
        ) AS moments
    ))
) AS facts ("fact", "holds")
WHERE "holds" IS NOT TRUE
