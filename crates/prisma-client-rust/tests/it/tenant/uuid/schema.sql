CREATE TABLE "Org" ("id" UUID PRIMARY KEY, "slug" TEXT NOT NULL UNIQUE);
CREATE TABLE "Card" (
    "id" SERIAL PRIMARY KEY,
    "orgId" UUID NOT NULL UNIQUE REFERENCES "Org",
    "text" TEXT NOT NULL
);
CREATE TABLE "Room" (
    "orgId" UUID NOT NULL REFERENCES "Org",
    "number" INTEGER NOT NULL,
    PRIMARY KEY ("orgId", "number")
);
CREATE TABLE "Student" (
    "id" SERIAL PRIMARY KEY,
    "orgId" UUID NOT NULL REFERENCES "Org",
    "number" INTEGER,
    "name" TEXT NOT NULL,
    "mentorId" INTEGER REFERENCES "Student",
    "ip" INET,
    FOREIGN KEY ("orgId", "number") REFERENCES "Room"
);
