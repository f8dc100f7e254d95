-- CreateEnum
CREATE TYPE "levels" AS ENUM ('low', 'high');

-- AlterTable
ALTER TABLE "T" DROP COLUMN "level",
ADD COLUMN     "level" "levels" NOT NULL DEFAULT 'low',
DROP COLUMN "many",
ADD COLUMN     "many" "levels"[] DEFAULT ARRAY['low', 'high']::"levels"[],
DROP COLUMN "plain",
ADD COLUMN     "plain" "levels";

-- DropEnum
DROP TYPE "Level";
