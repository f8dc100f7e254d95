-- AlterTable
ALTER TABLE "public"."A" ALTER COLUMN "a" DROP DEFAULT,
ALTER COLUMN "c" SET DEFAULT '2020-01-02 03:04:05'::timestamp without time zone,
ALTER COLUMN "e" SET DEFAULT '2021-12-31 23:59:59.123'::timestamp without time zone;
