-- CreateEnum
CREATE TYPE "public"."TeamMemberRole" AS ENUM ('OWNER', 'VIEWER', 'EDITOR');

-- DropIndex
DROP INDEX "public"."TeamCollection_teamID_parentID_orderIndex_key";

-- DropIndex
DROP INDEX "public"."TeamRequest_teamID_collectionID_orderIndex_key";

-- DropIndex
DROP INDEX "public"."UserRequest_userUid_collectionID_orderIndex_key";

-- DropIndex
DROP INDEX "public"."UserCollection_userUid_parentID_orderIndex_key";

-- AlterTable
ALTER TABLE "public"."TeamMember" DROP COLUMN "role",
ADD COLUMN     "role" "public"."TeamMemberRole" NOT NULL;

-- AlterTable
ALTER TABLE "public"."TeamInvitation" DROP COLUMN "inviteeRole",
ADD COLUMN     "inviteeRole" "public"."TeamMemberRole" NOT NULL;

-- AlterTable
ALTER TABLE "public"."TeamCollection" ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."TeamRequest" ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."Shortcode" ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."User" ALTER COLUMN "lastLoggedOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "lastActiveOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."Account" ALTER COLUMN "loggedIn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."VerificationToken" ALTER COLUMN "expiresOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."UserSettings" ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."UserHistory" ALTER COLUMN "executedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."InvitedUsers" ALTER COLUMN "invitedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."UserRequest" ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."UserCollection" ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."InfraConfig" DROP COLUMN "lastSyncedEnvFileValue",
ADD COLUMN     "active" BOOLEAN NOT NULL DEFAULT true,
ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."PersonalAccessToken" ALTER COLUMN "expiresOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- AlterTable
ALTER TABLE "public"."InfraToken" ALTER COLUMN "expiresOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "createdOn" SET DATA TYPE TIMESTAMP(3),
ALTER COLUMN "updatedOn" SET DATA TYPE TIMESTAMP(3);

-- DropEnum
DROP TYPE "public"."TeamAccessRole";
