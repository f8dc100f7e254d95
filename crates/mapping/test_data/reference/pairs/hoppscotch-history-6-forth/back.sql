-- DropForeignKey
ALTER TABLE "public"."PersonalAccessToken" DROP CONSTRAINT "PersonalAccessToken_userUid_fkey";

-- AlterTable
ALTER TABLE "public"."User" DROP COLUMN "lastActiveOn",
DROP COLUMN "lastLoggedOn";

-- AlterTable
ALTER TABLE "public"."InfraConfig" DROP COLUMN "isEncrypted";

-- DropTable
DROP TABLE "public"."PersonalAccessToken";

-- DropTable
DROP TABLE "public"."InfraToken";
