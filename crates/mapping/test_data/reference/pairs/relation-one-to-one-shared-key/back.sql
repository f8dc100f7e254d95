-- DropForeignKey
ALTER TABLE "public"."Profile" DROP CONSTRAINT "Profile_id_fkey";

-- DropTable
DROP TABLE "public"."User";

-- DropTable
DROP TABLE "public"."Profile";
