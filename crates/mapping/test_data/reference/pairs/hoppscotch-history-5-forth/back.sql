-- AlterTable
ALTER TABLE "public"."TeamCollection" DROP COLUMN "data";

-- AlterTable
ALTER TABLE "public"."UserCollection" DROP COLUMN "data";

-- DropTable
DROP TABLE "public"."InfraConfig";
