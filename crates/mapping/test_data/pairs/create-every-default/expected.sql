-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Level" AS ENUM ('low', 'very high');

-- CreateTable
CREATE TABLE "Sample" (
    "id" SERIAL NOT NULL,
    "small" SMALLSERIAL NOT NULL,
    "big" BIGSERIAL NOT NULL,
    "int" INTEGER NOT NULL DEFAULT -7,
    "bigger" BIGINT NOT NULL DEFAULT 9007199254740993,
    "float" DOUBLE PRECISION NOT NULL DEFAULT 0.50,
    "decimal" DECIMAL(3,2) NOT NULL DEFAULT 1.0,
    "price" DECIMAL(65,30) NOT NULL DEFAULT -100,
    "yes" BOOLEAN NOT NULL DEFAULT true,
    "text" TEXT NOT NULL DEFAULT 'it''s \ "quoted"',
    "lines" TEXT NOT NULL DEFAULT 'a
b',
    "json" JSONB NOT NULL DEFAULT '{ "a": [1, "it''s"] }',
    "bytes" BYTEA NOT NULL DEFAULT '\x68656c6c6f',
    "level" "Level" NOT NULL DEFAULT 'very high',
    "now" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "zoned" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "day" DATE NOT NULL DEFAULT '2026-11-22 00:00:00 +00:00',
    "moment" TIMESTAMP(3) NOT NULL DEFAULT '2026-11-22 21:30:00.500 +10:30',
    "made" UUID NOT NULL DEFAULT gen_random_uuid(),
    "blank" TEXT NOT NULL,
    "maybe" TEXT DEFAULT 'perhaps',
    "ints" INTEGER[] DEFAULT ARRAY[1, 2]::INTEGER[],
    "texts" TEXT[] DEFAULT ARRAY['a', 'b''s']::TEXT[],
    "levels" "Level"[] DEFAULT ARRAY['low', 'very high']::"Level"[],
    "none" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "bools" BOOLEAN[] DEFAULT ARRAY[true, false]::BOOLEAN[],
    "jsons" JSONB[] DEFAULT ARRAY['{}', '[1]']::JSONB[],
    "blobs" BYTEA[] DEFAULT ARRAY['\x6869']::BYTEA[],
    "times" TIMESTAMP(3)[] DEFAULT ARRAY['2026-11-22 00:00:00 +00:00']::TIMESTAMP(3)[],
    "uuid" TEXT NOT NULL,
    "uuid7" TEXT NOT NULL,
    "cuid" TEXT NOT NULL,
    "ulid" TEXT NOT NULL,
    "nano" TEXT NOT NULL,
    "touched" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Sample_pkey" PRIMARY KEY ("id")
);
