-- DropIndex
DROP INDEX "public"."link_slug_key";

-- DropIndex
DROP INDEX "public"."pixel_slug_key";
