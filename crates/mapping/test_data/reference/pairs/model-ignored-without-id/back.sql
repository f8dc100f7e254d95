-- DropTable
DROP TABLE "public"."NoKey";
