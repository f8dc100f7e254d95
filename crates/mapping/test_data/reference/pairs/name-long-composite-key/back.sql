-- DropTable
DROP TABLE "public"."ModelWithAQuiteLongNameForATable";
