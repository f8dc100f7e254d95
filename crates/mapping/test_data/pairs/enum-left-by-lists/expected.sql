-- AlterEnum
BEGIN;
CREATE TYPE "Mood_new" AS ENUM ('good', 'bad');
ALTER TABLE "Letter" ALTER COLUMN "moods" DROP DEFAULT;
ALTER TABLE "Letter" ALTER COLUMN "today" TYPE "Mood_new" USING ("today"::text::"Mood_new");
ALTER TABLE "Diary" ALTER COLUMN "moods" TYPE TEXT[] USING ("moods"::text[]);
ALTER TABLE "Letter" ALTER COLUMN "moods" TYPE TEXT[] USING ("moods"::text[]);
ALTER TYPE "Mood" RENAME TO "Mood_old";
ALTER TYPE "Mood_new" RENAME TO "Mood";
DROP TYPE "Mood_old";
COMMIT;

-- AlterTable
ALTER TABLE "Letter" DROP COLUMN "moods";

-- DropTable
DROP TABLE "Diary";
