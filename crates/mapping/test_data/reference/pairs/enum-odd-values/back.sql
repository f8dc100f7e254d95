-- DropTable
DROP TABLE "public"."A";

-- DropEnum
DROP TYPE "public"."Odd";
