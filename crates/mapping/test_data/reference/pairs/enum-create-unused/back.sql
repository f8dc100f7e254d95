-- DropEnum
DROP TYPE "public"."Colour";
