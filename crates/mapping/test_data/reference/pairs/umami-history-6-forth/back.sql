-- AlterTable
ALTER TABLE "public"."website" DROP COLUMN "replay_config",
DROP COLUMN "replay_enabled";

-- DropTable
DROP TABLE "public"."session_replay";
