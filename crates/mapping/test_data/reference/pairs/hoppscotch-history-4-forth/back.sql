-- DropForeignKey
ALTER TABLE "public"."Shortcode" DROP CONSTRAINT "Shortcode_creatorUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."InvitedUsers" DROP CONSTRAINT "InvitedUsers_adminUid_fkey";

-- DropForeignKey
ALTER TABLE "public"."UserRequest" DROP CONSTRAINT "UserRequest_collectionID_fkey";

-- DropIndex
DROP INDEX "public"."Shortcode_id_key";

-- AlterTable
ALTER TABLE "public"."TeamCollection" DROP COLUMN "createdOn",
DROP COLUMN "orderIndex",
DROP COLUMN "updatedOn";

-- AlterTable
ALTER TABLE "public"."TeamRequest" DROP COLUMN "createdOn",
DROP COLUMN "orderIndex",
DROP COLUMN "updatedOn";

-- AlterTable
ALTER TABLE "public"."Shortcode" DROP COLUMN "embedProperties",
DROP COLUMN "updatedOn";

-- DropTable
DROP TABLE "public"."InvitedUsers";

-- AddForeignKey
ALTER TABLE "public"."UserRequest" ADD CONSTRAINT "UserRequest_collectionID_fkey" FOREIGN KEY ("collectionID") REFERENCES "public"."UserCollection"("id") ON DELETE CASCADE ON UPDATE CASCADE;
