-- AlterEnum
BEGIN;
CREATE TYPE "public"."Colour_new" AS ENUM ('red', 'green', 'blue');
ALTER TABLE "A" ALTER COLUMN "a" DROP DEFAULT;
ALTER TABLE "public"."A" ALTER COLUMN "a" TYPE "public"."Colour_new" USING ("a"::text::"public"."Colour_new");
ALTER TYPE "public"."Colour" RENAME TO "Colour_old";
ALTER TYPE "public"."Colour_new" RENAME TO "Colour";
DROP TYPE "Colour_old";
ALTER TABLE "public"."A" ALTER COLUMN "a" SET DEFAULT 'red';
COMMIT;

-- AlterTable
ALTER TABLE "public"."A" ALTER COLUMN "a" SET DEFAULT 'red';
