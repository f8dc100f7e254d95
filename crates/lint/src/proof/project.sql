-- The tables that migrations.sql finds, with rows.
CREATE TABLE "Tenant" ("id" INTEGER PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE "Order" (
    "id" INTEGER NOT NULL,
    "name" VARCHAR(40),
    "price" DECIMAL(10,2) NOT NULL,
    "count" INTEGER,
    "note" TEXT DEFAULT '',
    CONSTRAINT "Order_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "Student" (
    "id" INTEGER NOT NULL,
    "name" VARCHAR(40),
    "price" DECIMAL(10,2) NOT NULL,
    "count" INTEGER,
    "note" TEXT DEFAULT '',
    CONSTRAINT "Student_pkey" PRIMARY KEY ("id")
);
INSERT INTO "Tenant" SELECT generate_series(1, 50);
INSERT INTO "Order" ("id", "name", "price", "count") SELECT n, 'name ' || n, n, n FROM generate_series(1, 50) n;
INSERT INTO "Student" ("id", "name", "price", "count") SELECT n, 'name ' || n, n, n FROM generate_series(1, 50) n;
