-- CreateEnum
CREATE TYPE "public"."Colour" AS ENUM ('red');

-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "a",
ADD COLUMN     "a" "public"."Colour" NOT NULL DEFAULT 'red';

-- DropEnum
DROP TYPE "public"."colour_type";
