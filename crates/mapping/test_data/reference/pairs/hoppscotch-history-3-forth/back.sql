-- DropForeignKey
ALTER TABLE "public"."Account" DROP CONSTRAINT "Account_userId_fkey";

-- DropForeignKey
ALTER TABLE "public"."VerificationToken" DROP CONSTRAINT "VerificationToken_userUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserSettings" DROP CONSTRAINT "UserSettings_userUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserHistory" DROP CONSTRAINT "UserHistory_userUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserCollection" DROP CONSTRAINT "UserCollection_parentID_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserCollection" DROP CONSTRAINT "UserCollection_userUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserRequest" DROP CONSTRAINT "UserRequest_collectionID_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserRequest" DROP CONSTRAINT "UserRequest_userUid_fkey";

-- DropIndex
DROP INDEX "public"."User_email_key";

-- AlterTable
ALTER TABLE "public"."User" DROP COLUMN "createdOn",
DROP COLUMN "isAdmin",
DROP COLUMN "refreshToken";

-- DropTable
DROP TABLE "public"."Account";

-- DropTable
DROP TABLE "public"."VerificationToken";

-- DropTable
DROP TABLE "public"."UserSettings";

-- DropTable
DROP TABLE "public"."UserHistory";

-- DropTable
DROP TABLE "public"."UserCollection";

-- DropTable
DROP TABLE "public"."UserRequest";

-- DropEnum
DROP TYPE "public"."ReqType";
