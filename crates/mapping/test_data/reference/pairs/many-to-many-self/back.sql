-- DropForeignKey
ALTER TABLE "public"."_follows" DROP CONSTRAINT "_follows_A_fkey";

-- DropForeignKey
ALTER TABLE "public"."_follows" DROP CONSTRAINT "_follows_B_fkey";

-- DropTable
DROP TABLE "public"."_follows";
