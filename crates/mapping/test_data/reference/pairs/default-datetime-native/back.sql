-- DropTable
DROP TABLE "public"."A";
