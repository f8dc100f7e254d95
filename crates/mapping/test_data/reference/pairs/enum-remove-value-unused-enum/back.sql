-- AlterEnum
ALTER TYPE "public"."Colour" ADD VALUE 'green';
