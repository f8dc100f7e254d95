-- DropTable
DROP TABLE "public"."Two";
