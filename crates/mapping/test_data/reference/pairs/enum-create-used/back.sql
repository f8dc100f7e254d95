-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "a",
DROP COLUMN "b",
DROP COLUMN "c",
DROP COLUMN "d";

-- DropEnum
DROP TYPE "public"."Colour";
